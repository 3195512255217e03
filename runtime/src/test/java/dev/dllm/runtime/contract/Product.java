package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Weight;
import dev.dllm.runtime.contract.Operands.WeightPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One case of `linear`: `[rows, k]` times a weight `[n, k]`.
record Product(int rows, int n, int k, DType dtype, boolean packed, boolean scaled, boolean biased, Layout layout) {

    /// The shapes that each weight type is tried with: awkward widths, rows around every tile, sums longer than any
    /// block.
    static List<Product> all(DType dtype) {
        List<Product> products = new ArrayList<>();
        for (int n : Sizes.AWKWARD) {
            addForms(products, 3, n, 19, dtype);
        }
        for (int k : Sizes.AWKWARD) {
            addForms(products, 2, 26, k, dtype);
        }
        for (int rows : Sizes.ROWS) {
            addForms(products, rows, 50, 37, dtype);
        }
        products.addAll(large(dtype));
        return products;
    }

    /// Those among them that are worth more than one thread.
    static List<Product> large(DType dtype) {
        List<Product> products = new ArrayList<>();
        addForms(products, 33, 200, 1030, dtype);
        addForms(products, 1, 530, 770, dtype);
        addForms(products, 130, 75, 300, dtype);
        return products;
    }

    /// Both storage forms, both layouts, and every combination of scales and bias among them.
    private static void addForms(List<Product> products, int rows, int n, int k, DType dtype) {
        boolean odd = (n + k + rows) % 2 == 1;
        for (boolean packed : new boolean[] {false, true}) {
            products.add(new Product(rows, n, k, dtype, packed, odd, false, Layout.CONTIGUOUS));
            products.add(new Product(rows, n, k, dtype, packed, !odd, true, Layout.COLUMN_SLICE));
        }
    }

    /// The operands of this case on `backend`; the caller closes [Run#operands].
    Run on(Backend backend) {
        Operands operands = new Operands(backend, layout, toString());
        return new Run(
                operands,
                operands.destination(rows, n),
                operands.source(rows, k),
                operands.weight(dtype, n, k, scaled, packed),
                biased ? operands.source(1, n) : null);
    }

    @Override
    public String toString() {
        return "linear %d rows, %s%s[%d, %d]%s%s".formatted(
                rows, packed ? "packed " : "", dtype, n, k, scaled ? ", scales" : "", biased ? ", bias" : "");
    }

    /// A case with its operands.
    record Run(Operands operands, Operand out, Operand x, WeightPair weight, @Nullable Operand bias) {

        void subject(Ops ops) {
            ops.linear(out.subject(), x.subject(), weight.subject(), bias == null ? null : bias.subject());
        }

        void reference(Ops ops) {
            ops.linear(out.reference(), x.reference(), weight.reference(), bias == null ? null : bias.reference());
        }

        /// Puts what the Javadoc of [Ops#linear] promises to the bit where the reference leaves its result.
        void chain() {
            Weight w = weight.reference();
            float[][] rows = new float[x.reference().rows()][];
            Arrays.setAll(rows, i -> F32Chain.row(x.reference(), i));
            for (int n = 0; n < w.rows(); n++) {
                float[] channel = F32Chain.row(w.values(), n);
                for (int i = 0; i < rows.length; i++) {
                    float value = F32Chain.dot(rows[i], channel);
                    value = w.scales() == null ? value : value * w.scales().get(0, n);
                    out.reference().set(i, n, bias == null ? value : value + bias.reference().get(0, n));
                }
            }
        }
    }
}
