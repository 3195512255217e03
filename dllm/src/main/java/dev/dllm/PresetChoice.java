package dev.dllm;

import dev.dllm.model.family.Preset;
import dev.dllm.model.family.ServingModes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The decoding preset that a model is used with, and why.
///
/// @param preset the preset
/// @param reason why it was chosen, as part of a sentence
record PresetChoice(Preset preset, String reason) {

    /// The preset that the user names, else the one whose name stands in the path of the model's directory, else the family's first.
    ///
    /// @param presets       of the family, the default first. The user may also name a mode of a serving engine
    /// @param directory     path of the model's directory: in a cache of downloads a parent bears the model's name
    /// @throws InvalidRequestException if the user names an unknown one
    static PresetChoice of(List<Preset> presets, LoadOptions options, String directory) {
        if (options.preset() != null) {
            List<Preset> known = new ArrayList<>(presets);
            known.addAll(ServingModes.of(presets.getFirst().settings()));
            return known.stream()
                    .filter(preset -> preset.name().equals(options.preset()))
                    .findFirst()
                    .map(preset -> new PresetChoice(preset, "asked for"))
                    .orElseThrow(() -> new InvalidRequestException("unknown preset '" + options.preset() + "'; known: "
                            + known.stream().map(Preset::name).collect(Collectors.joining(", "))));
        }
        String name = directory.toLowerCase(Locale.ROOT);
        return presets.stream()
                .filter(preset -> name.contains(preset.name()))
                .findFirst()
                .map(preset -> new PresetChoice(preset, "the directory's path contains it"))
                .orElseGet(() -> new PresetChoice(presets.getFirst(), "the default of the family"));
    }
}
