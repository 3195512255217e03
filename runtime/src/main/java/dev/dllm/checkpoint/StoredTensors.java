package dev.dllm.checkpoint;

import dev.dllm.runtime.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A checkpoint as a table of tensors, in the order in which the files hold them.
record StoredTensors(String source, Map<String, StoredTensor> byName) implements Checkpoint {

    /// @throws CheckpointException if two have the same name
    static StoredTensors of(String source, List<StoredTensor> tensors) {
        Map<String, StoredTensor> byName = LinkedHashMap.newLinkedHashMap(tensors.size());
        for (StoredTensor tensor : tensors) {
            StoredTensor other = byName.putIfAbsent(tensor.info().name(), tensor);
            if (other != null) {
                throw CheckpointException.in(source, "tensor '%s' is both in %s and in %s; accepted: one file"
                        .formatted(tensor.info().name(), other.file(), tensor.file()));
            }
        }
        return new StoredTensors(source, byName);
    }

    @Override
    public Collection<TensorInfo> tensors() {
        return byName.values().stream().map(StoredTensor::info).toList();
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return Optional.ofNullable(byName.get(name)).map(StoredTensor::info);
    }

    @Override
    public Tensor tensor(String name) {
        StoredTensor tensor = byName.get(name);
        if (tensor == null) {
            throw CheckpointException.in(source, "no tensor '%s' among its %d".formatted(name, byName.size()));
        }
        return tensor.matrix();
    }
}
