package dev.dllm.eval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a text is a story of the embedded model's grammar that agrees with its prompt; the rules stand in its model card.
final class StoryCheck {
    private static final String NAMES =
            "Mia Tom Ana Leo Zoe Sam Eva Max Lily Ben Nora Finn Ruby Jack Emma Noah Ivy Luke Hugo Oscar";
    private static final Map<String, String> WORDS = Map.of(
            "n", NAMES,
            "m", NAMES,
            "p", "garden forest park river market castle village farm lake",
            "c", "red blue green yellow white black pink",
            "o", "ball kite lamp ring drum key boat hat bell cup",
            "an", "cat dog fox rabbit mouse bear duck frog",
            "a", "small tiny brave clever",
            "we", "sunny rainy windy cold warm");

    private static final Map<String, List<String>> STORIES = Map.of(
            "lost", endings(
                    "{n} had a {c} {o}. One day {n} lost the {o} in the {p}. {n} looked everywhere and felt very sad. "
                            + "Then {m} the {an} came and found the {c} {o}.",
                    "{n} was happy and thanked {m}.", "{n} thanked {m} the {an} and they went home together."),
            "gift", endings(
                    "{n} wanted to give {m} the {an} a gift. So {n} walked to the {p} and found a {c} {o}. "
                            + "{n} put the {o} in a box. {m} opened the box and saw the {c} {o}.",
                    "{m} was very happy.", "\"Thank you, {n}!\" said {m}."),
            "help", endings(
                    "{m} was a {a} {an} who lived near the {p}. One {we} day {m} fell into a hole. "
                            + "{n} heard {m} call for help and came with a rope. {n} pulled and at last {m} was out of the hole.",
                    "To say thank you, {m} gave {n} a {c} {o}."),
            "seek", endings(
                    "{n} found an old map in a {c} box. The map showed a way to the {p}. {n} asked {m} the {an} to come along. "
                            + "They walked all day to the {p} and found a {o}.",
                    "They took the {o} home.", "{m} wanted {n} to keep the {o}."));

    private static final String ANY = "any";
    private static final Map<String, List<String>> PROMPTS = Map.of(
            "lost", List.of(
                    "Tell me a story about {n} and a {o}.", "Write a story about {n} and a {o}.",
                    "Write a short story about {n} and a {o}.", "Tell me a story about {n} who lost a {o}."),
            "gift", List.of(
                    "Tell me a story about {n} and a gift for {m} the {an}.", "Write a story about a gift for {m} the {an}."),
            "help", List.of(
                    "Tell me a story about {n} who helped {m} the {an}.", "Write a story about {m} the {an} who needed help."),
            "seek", List.of(
                    "Tell me a story about {n} and an old map.", "Write a story about {n}, {m} the {an} and an old map."),
            ANY, List.of(
                    "Tell me a story about {n} and {m} the {an}.", "Tell me a story about {n}.",
                    "Write a short story about a {an} named {m}.", "Tell me a story about a {an} named {m}.",
                    "Write a story about {n}.", "Tell me a story.", "Write a story."));

    private static final String ANY_WORD = "[\\p{L}\\p{N}_]+";
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

    private StoryCheck() {}

    static boolean accepts(String prompt, String story) {
        for (Map.Entry<String, List<String>> plot : STORIES.entrySet()) {
            for (String form : plot.getValue()) {
                Map<String, String> slots = match(form, story, true);
                if (slots != null && !slots.get("n").equals(slots.get("m")) && agrees(prompt, plot.getKey(), slots)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean agrees(String prompt, String plot, Map<String, String> story) {
        boolean matched = false;
        for (Map.Entry<String, List<String>> forms : PROMPTS.entrySet()) {
            for (String form : forms.getValue()) {
                Map<String, String> asked = match(form, prompt, false);
                if (asked == null) {
                    continue;
                }
                matched = true;
                boolean belongs = forms.getKey().equals(plot) || forms.getKey().equals(ANY);
                if (belongs && asked.entrySet().stream()
                        .allMatch(slot -> slot.getValue().equals(story.getOrDefault(slot.getKey(), slot.getValue())))) {
                    return true;
                }
            }
        }
        return !matched;
    }

    /// The words of the slots if the whole text is of this form, else null.
    ///
    /// @param listed whether a slot takes the words of its list only, or any run of letters, digits or `_`
    private static Map<String, String> match(String form, String text, boolean listed) {
        StringBuilder regex = new StringBuilder();
        Set<String> seen = new HashSet<>();
        int end = 0;
        Matcher slot = SLOT.matcher(form);
        while (slot.find()) {
            regex.append(Pattern.quote(form.substring(end, slot.start())));
            String name = slot.group(1);
            String words = listed ? WORDS.get(name).replace(' ', '|') : ANY_WORD;
            regex.append(seen.add(name) ? "(?<" + name + ">" + words + ")" : "\\k<" + name + ">");
            end = slot.end();
        }
        regex.append(Pattern.quote(form.substring(end)));
        Matcher matcher = Pattern.compile(regex.toString()).matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> slots = new TreeMap<>();
        seen.forEach(name -> slots.put(name, matcher.group(name)));
        return slots;
    }

    private static List<String> endings(String body, String... last) {
        List<String> forms = new ArrayList<>();
        for (String ending : last) {
            forms.add(body + " " + ending);
        }
        return forms;
    }
}
