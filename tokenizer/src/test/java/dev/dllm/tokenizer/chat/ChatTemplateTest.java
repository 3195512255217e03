package dev.dllm.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages, variables, errors and limits.
class ChatTemplateTest {
    private static final List<Map<String, String>> MESSAGES = List.of(Map.of("role", "user", "content", "hi"));

    private static String render(String template) {
        return ChatTemplate.parse(template).render(MESSAGES, true);
    }

    @Test
    void variablesAreThoseOfTheCallThenThoseBound() {
        ChatTemplate template = ChatTemplate.parse("{{ a }}{{ b }}{{ tools is none }}{{ documents is none }}")
                .withVariables(Map.of("a", 1, "b", 2));
        assertEquals("12TrueTrue", template.render(MESSAGES, false));
        assertEquals("15FalseTrue", template.render(MESSAGES, false, Map.of("b", 5, "tools", List.of())));
        assertEquals("hi user True", render(
                "{{ messages[0].content }} {{ messages[0]['role'] }} {{ add_generation_prompt }}"));
    }

    @Test
    void valuesOfJavaAreData() {
        Map<String, Object> values = new HashMap<>();
        values.put("v", Arrays.asList(null, true, 1, 2L, (short) 3, (byte) 4, 2.5f, 0.1, new BigInteger("9".repeat(20)),
                new StringBuilder("x"), Map.of("k", List.of()), List.of(List.of())));
        assertEquals("[None, True, 1, 2, 3, 4, 2.5, 0.1, 99999999999999999999, 'x', {'k': []}, [[]]]",
                ChatTemplate.parse("{{ v }}").render(List.of(), false, values));
        for (Object unacceptable : List.of(new Object(), Map.of(1, 2), new int[0], 'c')) {
            ChatTemplateException e = assertThrows(ChatTemplateException.class, () ->
                    ChatTemplate.parse("x").render(List.of(), false, Map.of("v", unacceptable)));
            assertTrue(e.getMessage().contains("accepted: null, text"), e.getMessage());
        }
        List<Object> self = new ArrayList<>();
        self.add(self);
        assertThrows(ChatTemplateException.class, () ->
                ChatTemplate.parse("x").render(List.of(), false, Map.of("v", self)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            a¶b{{ 1 + }}             ¦ line 2: found '}}'; accepted: an expression
            ¶¶{% if 1 %}             ¦ line 3: found the end of the template; accepted: {% elif %} or {% else %}
            {% for x y %}{% endfor %}¦ line 1: found 'y'; accepted: 'in'
            {% endfor %}             ¦ line 1: found tag 'endfor'; accepted: for, if, set
            {% if 1 %}{% endfor %}   ¦ line 1: found tag 'endfor'; accepted: for, if
            {% include 'x' %}        ¦ line 1: found tag 'include'
            {{ 'a                    ¦ line 1: found a string that does not end
            {# a                     ¦ line 1: found a comment that does not end
            {% raw %}                ¦ line 1: found a raw block that does not end
            {{ a                     ¦ line 1: found the end of the template inside a tag; accepted: '}}'
            {{ (1 }}                 ¦ line 1: found '}' that closes nothing; accepted: balanced brackets
            {{ 1 @ 2 }}              ¦ line 1: found character '@'
            {{ '\\x4' }}             ¦ line 1: found a string with an escape of fewer than 2
            {% set a.b.c = 1 %}      ¦ line 1: found '.'
            {% break %}              ¦ line 1: found 'break' outside a loop
            {{ f(a=1, a=2) }}        ¦ line 1: found argument 'a' twice
            {{ a.'b' }}              ¦ line 1: found a string; accepted: a name or number after '.'
            """)
    void whatCannotBeParsedSaysWhere(String template, String message) {
        ChatTemplateException e = assertThrows(
                ChatTemplateException.class, () -> ChatTemplate.parse(template.replace('¶', '\n')));
        assertTrue(e.getMessage().startsWith("chat template, " + message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            ¶{{ raise_exception('no ' ~ 1) }} ¦ line 2: no 1
            {{ a.b }}                         ¦ line 1: 'a' is undefined
            {{ messages[0].x.y }}             ¦ line 1: 'dict' has no attribute 'x'
            {{ messages[0].pop('role') }}     ¦ line 1: access to attribute 'pop' of 'dict' object is unsafe.
            {{ 1 + 'a' }}                     ¦ line 1: unsupported operand type(s) for +: 'int' and 'str'
            {{ 'a'|nofilter }}                ¦ line 1: No filter named 'nofilter'; known: abs, batch
            {{ 'a' is notest }}               ¦ line 1: No test named 'notest'; known:
            {{ 1 // 0 }}                      ¦ line 1: integer division or modulo by zero
            {{ [1, 'a']|sort }}               ¦ line 1: '<' not supported between instances of
            {{ 'a'.center(1, 2, 3) }}         ¦ line 1: center: found 3 arguments; accepted: at most 2
            {{ 'a'|trim(x=1) }}               ¦ line 1: trim: found argument 'x'; accepted: chars
            {{ 'a'.startswith() }}            ¦ line 1: startswith: found no argument 'affix'
            {{ 'a'|safe|trim }}               ¦ line 1: trim: found text marked safe
            {% macro m(a) %}{% endmacro %}{{ m(1, 2) }} ¦ line 1: macro 'm' takes not more than 1 argument(s)
            """)
    void whatCannotBeRenderedSaysWhere(String template, String message) {
        ChatTemplateException e = assertThrows(ChatTemplateException.class, () -> render(template.replace('¶', '\n')));
        assertTrue(e.getMessage().startsWith("chat template, " + message), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(s='a') %}{% for i in range(100) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for i in range(100) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[]) %}{% for i in range(100) %}{% set n.s = [n.s] %}{% endfor %}",
        "{% set n = namespace(s=[]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=[]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s|tojson }}",
        "{% set n = namespace(s=(), t=()) %}{% for i in range(60) %}{% set n.s = (n.s, n.s) %}"
                + "{% set n.t = (n.t, n.t) %}{% endfor %}{{ n.s == n.t }}",
        "{% set n = namespace(s=()) %}{% for i in range(60) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ {n.s: 1} }}",
        "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{% set t = 'a' * 500000 ~ 'b' %}{% for i in range(9) %}{{ s.find(t) }}{% endfor %}",
        "{% set x = range(100000)|list %}{% for i in range(100000) %}{{ '' if -1 in x }}{% endfor %}",
        "{{ ('a' * 1000000).replace('', 'x' * 1000)|length }}",
        "{{ 'a'.center(2000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 9999 }}",
        "{{ range(1000000) }}",
        "{{ 'a'|indent(1000000000) }}",
        "{{ [1]|tojson(indent=1000000000) }}",
    })
    void hostileTemplatesStopAtALimit(String template) {
        assertTimeoutPreemptively(Duration.ofSeconds(60),
                () -> assertThrows(ChatTemplateException.class, () -> render(template)));
    }

    @Test
    void deepNestingIsRefused() {
        int depth = 50_000;
        List<String> templates = List.of(
                "{{ " + "(".repeat(depth) + "1" + ")".repeat(depth) + " }}",
                "{{ " + "not ".repeat(depth) + "1 }}",
                "{{ " + "-".repeat(depth) + "1 }}",
                "{{ " + "[".repeat(depth) + "]".repeat(depth) + " }}",
                "{{ 1" + " if 1 else 1".repeat(depth) + " }}",
                "{% if 1 %}".repeat(depth) + "{% endif %}".repeat(depth),
                "{% set " + "(".repeat(depth) + "a" + ")".repeat(depth) + " = 1 %}",
                "{{ 1" + "+1".repeat(4 * depth) + " }}",
                "{{ 'a'" + "|upper".repeat(2 * depth) + " }}",
                "{{ a" + ".b".repeat(4 * depth) + " }}");
        for (String template : templates) {
            assertThrows(ChatTemplateException.class, () -> render(template), template.substring(0, 20));
        }
        assertEquals("1", render("{{ " + "(".repeat(90) + "1" + ")".repeat(90) + " }}"));
        assertThrows(ChatTemplateException.class, () -> ChatTemplate.parse("x".repeat(1 << 21)));
    }

    @Test
    void longConversationsStayWithinTheLimits() {
        String template = """
                {% for m in messages %}{% if m.role == 'user' and not m.content.startswith('<x>') %}
                {{- '<|' + m.role + '|>' + m.content.split('</think>')[-1].strip() + '<|end|>' -}}
                {% endif %}{% endfor %}""";
        List<Map<String, String>> messages = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            messages.add(Map.of("role", "user", "content", "some words ".repeat(200)));
        }
        String text = ChatTemplate.parse(template).render(messages, false);
        assertEquals(2000 * ("<|user|><|end|>".length() + 200 * 11 - 1), text.length());
        String last = "{% for m in messages %}{% if loop.index0 == messages|length - 1 %}{{ messages[-1].role }}"
                + "{% endif %}{% endfor %}{% for m in messages[::-1] %}{{ 'x' if messages is mapping }}{% endfor %}";
        assertEquals("user", ChatTemplate.parse(last).render(Collections.nCopies(50_000, messages.getFirst()), false));
    }

    @Test
    void whatIsBrokenAtRandomRendersOrFailsWithAType() {
        Random random = new Random(5);
        String template = """
                {%- for m in messages if m.role %}{% set c = m.content|trim %}{{- '<' + m['role'] ~ "\\n" }}
                {% if loop.first and c is string or not c[::-1] %}{{ c.split(' ', 1)[0] | tojson(indent=2) }}
                {%- else %}{{ raise_exception('x') }}{% endif %}{# c #}{% endfor -%}
                {% macro f(a, b=1) %}{{ a ** b }}{% endmacro %}{{ f(2, b=3) }}
                {{ {'a': [1, 2.5], 'b': (1,)}.items()|list }}""";
        String likely = "{}%#()[]'\"|.,:=+-*~ \n\\x1anotin";
        int rendered = 0;
        for (int i = 0; i < 5000; i++) {
            StringBuilder broken = new StringBuilder(template);
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                int at = random.nextInt(broken.length());
                char c = likely.charAt(random.nextInt(likely.length()));
                switch (random.nextInt(3)) {
                    case 0 -> broken.setCharAt(at, c);
                    case 1 -> broken.insert(at, c);
                    default -> broken.deleteCharAt(at);
                }
            }
            try {
                render(broken.toString());
                rendered++;
            } catch (ChatTemplateException e) {
                assertTrue(e.getMessage().startsWith("chat template"), e.getMessage());
            }
        }
        assertTrue(rendered > 100, "rendered: " + rendered);
    }
}
