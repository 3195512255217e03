package dev.dllm.laws;

import dev.dllm.reference.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Every family, cache, rule, profile and pair of texts, multiplied. There are more than a third of a million combinations; runs are
/// made with a small part of them that holds every pair of choices which goes together at all. Caches and rules count by their names
/// there, with any arguments; every arguments are there with both pairs of texts.
final class Product {
    private static final List<List<?>> CHOICES = List.of(
            Arrays.asList(Family.values()), Combination.caches(), Combination.rules(), Arrays.asList(Profile.values()),
            Arrays.asList(Texts.values()));

    /// Combinations drawn for a pair before all are tried.
    private static final int DRAWS = 24;

    private Product() {}

    /// Shows every combination of some families and one pair of texts.
    static void forEach(List<Family> families, Texts texts, Consumer<Combination> action) {
        for (Family family : families) {
            for (String cache : Combination.caches()) {
                for (String rule : Combination.rules()) {
                    for (Profile profile : Profile.values()) {
                        action.accept(new Combination(family, cache, rule, profile, texts));
                    }
                }
            }
        }
    }

    /// Combinations that hold every pair of choices which any accepted combination holds. The same every time.
    static List<Combination> covering(Predicate<Combination> accepted) {
        Random random = new Random(1);
        Set<List<?>> covered = new HashSet<>();
        List<Combination> chosen = new ArrayList<>();
        for (int one = 0; one < CHOICES.size(); one++) {
            for (int other = one + 1; other < CHOICES.size(); other++) {
                for (Object first : CHOICES.get(one)) {
                    for (Object second : CHOICES.get(other)) {
                        if (covered.contains(pair(first, second))) {
                            continue;
                        }
                        Object[] fixed = new Object[CHOICES.size()];
                        fixed[one] = first;
                        fixed[other] = second;
                        List<Combination> found = drawn(fixed, accepted, random);
                        found = found.isEmpty() ? any(fixed, 0, accepted) : found;
                        found.stream()
                                .max(Comparator.comparingLong(c -> pairs(c).stream().filter(pair -> !covered.contains(pair)).count()))
                                .ifPresent(best -> {
                                    covered.addAll(pairs(best));
                                    chosen.add(best);
                                });
                    }
                }
            }
        }
        return chosen;
    }

    private static List<Combination> drawn(Object[] fixed, Predicate<Combination> accepted, Random random) {
        List<Combination> found = new ArrayList<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            Object[] parts = fixed.clone();
            for (int i = 0; i < parts.length; i++) {
                List<?> choices = CHOICES.get(i);
                parts[i] = parts[i] == null ? choices.get(random.nextInt(choices.size())) : parts[i];
            }
            Combination combination = Combination.of(parts);
            if (accepted.test(combination)) {
                found.add(combination);
            }
        }
        return found;
    }

    /// The first accepted combination, if there is one.
    private static List<Combination> any(Object[] parts, int from, Predicate<Combination> accepted) {
        if (from == parts.length) {
            Combination combination = Combination.of(parts);
            return accepted.test(combination) ? List.of(combination) : List.of();
        }
        if (parts[from] != null) {
            return any(parts, from + 1, accepted);
        }
        for (Object choice : CHOICES.get(from)) {
            Object[] more = parts.clone();
            more[from] = choice;
            List<Combination> found = any(more, from + 1, accepted);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<?> pair(Object one, Object other) {
        return other instanceof Texts ? List.of(one, other) : List.of(name(one), name(other));
    }

    private static Object name(Object choice) {
        return choice instanceof String text ? text.split(":")[0] : choice;
    }

    private static List<List<?>> pairs(Combination combination) {
        List<Object> parts = combination.parts();
        List<List<?>> pairs = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (int j = i + 1; j < parts.size(); j++) {
                pairs.add(pair(parts.get(i), parts.get(j)));
            }
        }
        return pairs;
    }
}
