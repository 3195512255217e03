package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/// What every backend owes, the reference included: the values of each op, and the laws about rows, threads and
/// lifetimes.
public abstract class ValueContract {

    /// Opens the backend under test, unchecked, with `threads` threads.
    protected abstract Backend openBackend(int threads);

    /// The weight types that the backend multiplies.
    protected abstract Set<DType> weightTypes();

    @Nested
    class Surroundings extends BackendContract {
        Surroundings() {
            super(ValueContract.this::openBackend, ValueContract.this.weightTypes());
        }
    }

    @Nested
    class Linear extends LinearContract {
        Linear() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Experts extends ExpertsContract {
        Experts() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Elementwise extends ElementwiseContract {
        Elementwise() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class RowCopies extends RowCopyContract {
        RowCopies() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class EmbedExpected extends EmbedExpectedContract {
        EmbedExpected() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Norms extends NormContract {
        Norms() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Rope extends RopeContract {
        Rope() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Attention extends AttentionContract {
        Attention() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Route extends RouteContract {
        Route() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class RoutingBlocks extends RoutingBlockContract {
        RoutingBlocks() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Propose extends ProposeContract {
        Propose() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class ProposeFilters extends ProposeFilterContract {
        ProposeFilters() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class ProposeDraws extends ProposeDrawContract {
        ProposeDraws() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class ProposeUnsure extends ProposeUnsureContract {
        ProposeUnsure() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Rows extends RowContract {
        Rows() {
            super(ValueContract.this::openBackend);
        }
    }

    @Nested
    class Lifetimes extends LifetimeContract {
        Lifetimes() {
            super(ValueContract.this::openBackend);
        }
    }
}
