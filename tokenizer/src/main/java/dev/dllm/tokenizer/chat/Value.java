package dev.dllm.tokenizer.chat;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of a template. Equality is that of Python: `1`, `1.0` and `True` are equal, so that values can be the keys
/// of a dict as they are. Everything but [Namespace], [Generator] and [Host] is immutable.
sealed interface Value {

    /// The name of the type as Python has it, for messages.
    String type();

    /// What a name or attribute that does not exist gives: prints as nothing, is false and empty, and fails in any
    /// other use.
    ///
    /// @param message why it is undefined
    record Undefined(String message) implements Value {
        static Undefined name(String name) {
            return new Undefined("'" + name + "' is undefined");
        }

        TemplateFailure failure() {
            return new TemplateFailure(message);
        }

        @Override
        public String type() {
            return "Undefined";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /// Python's `None`.
    enum None implements Value {
        NONE;

        @Override
        public String type() {
            return "NoneType";
        }
    }

    /// A truth value, which is also the number 0 or 1.
    record Bool(boolean value) implements Value {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public String type() {
            return "bool";
        }

        @Override
        public boolean equals(Object other) {
            return Numbers.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    /// An integer of any size that [Numbers] lets through.
    record Int(BigInteger value) implements Value {
        static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }

        @Override
        public String type() {
            return "int";
        }

        @Override
        public boolean equals(Object other) {
            return Numbers.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    /// A floating-point number.
    record Real(double value) implements Value {
        @Override
        public String type() {
            return "float";
        }

        @Override
        public boolean equals(Object other) {
            return Numbers.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    /// A string. Positions in it count code points.
    record Str(String text) implements Value {
        static final Str EMPTY = new Str("");

        @Override
        public int hashCode() {
            return Hashing.of(text);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Str string && text.equals(string.text);
        }

        @Override
        public String type() {
            return "str";
        }
    }

    /// A string that the filter `safe` has marked. It can be printed; in Python most other uses would escape what it
    /// meets.
    record Markup(String text) implements Value {
        @Override
        public String type() {
            return "Markup";
        }

        @Override
        public int hashCode() {
            return Hashing.of(text);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Markup markup && text.equals(markup.text);
        }
    }

    /// A list.
    ///
    /// @param extent of `items`
    record Array(List<Value> items, Extent extent) implements Value {
        static Array of(List<Value> items) {
            return new Array(items, Extent.over(items));
        }

        @Override
        public String type() {
            return "list";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Array array && items.equals(array.items);
        }

        @Override
        public int hashCode() {
            return items.hashCode();
        }
    }

    /// A tuple.
    ///
    /// @param extent of `items`
    record Tuple(List<Value> items, Extent extent) implements Value {
        static Tuple of(List<Value> items) {
            return new Tuple(items, Extent.over(items));
        }

        @Override
        public String type() {
            return "tuple";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tuple tuple && items.equals(tuple.items);
        }

        @Override
        public int hashCode() {
            return items.hashCode();
        }
    }

    /// A dict in the order of insertion.
    ///
    /// @param extent of keys and values
    record Dict(Map<Value, Value> entries, Extent extent) implements Value {
        static Dict of(LinkedHashMap<Value, Value> entries) {
            return new Dict(entries, Extent.over(entries.keySet()).with(Extent.over(entries.values())));
        }

        /// The values of a dict with these names.
        static Dict named(Map<String, Value> values) {
            LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
            values.forEach((name, value) -> entries.put(new Str(name), value));
            return of(entries);
        }

        @Override
        public String type() {
            return "dict";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Dict dict && entries.equals(dict.entries);
        }

        @Override
        public int hashCode() {
            return entries.hashCode();
        }
    }

    /// The keys, values or items of a dict.
    ///
    /// @param kind  `dict_keys`, `dict_values` or `dict_items`
    record View(String kind, List<Value> items) implements Value {
        @Override
        public String type() {
            return kind;
        }
    }

    /// What the function `range` returns.
    record Range(List<Value> items) implements Value {
        @Override
        public String type() {
            return "range";
        }
    }

    /// Names that `set` can assign to from within loops.
    record Namespace(Map<String, Value> attributes) implements Value {
        @Override
        public String type() {
            return "Namespace";
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// Values that can be gone through once, as filters such as `map` return them.
    record Generator(Iterator<Value> items) implements Value {
        static Generator of(List<Value> items) {
            return new Generator(items.iterator());
        }

        @Override
        public String type() {
            return "generator";
        }
    }

    /// An object of the engine: something to call, or with attributes of its own.
    non-sealed interface Host extends Value {
        /// The attribute of this name, or one that is undefined.
        default Value attribute(String name) {
            return new Undefined("'" + type() + "' has no attribute '" + name + "'");
        }

        /// Calls it.
        default Value call(Arguments arguments) {
            throw new TemplateFailure("'" + type() + "' object is not callable");
        }

        /// Whether [#call] does anything else than fail.
        default boolean isCallable() {
            return false;
        }
    }
}
