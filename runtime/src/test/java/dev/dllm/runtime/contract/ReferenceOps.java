package dev.dllm.runtime.contract;

import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The definition of truth: every op on host memory as its Javadoc in [Ops] reads, one element after the other, in
/// float64, rounded once when it is stored; only `guide` rounds as it goes, because that is its definition. Slow on purpose.
///
/// It reads its operands before it writes, so every aliasing that [Ops] allows is right here without a thought.
public final class ReferenceOps implements Ops {
    private boolean closed;

    @Override
    public void embed(Tensor out, Tensor table, Indices ids) {
        requireOpen();
        for (int i = 0; i < out.rows(); i++) {
            store(out, i, 0, Doubles.row(table, ids.get(i)));
        }
    }

    @Override
    public void embedExpected(Tensor out, Tensor table, Tensor logits, float scale) {
        requireOpen();
        for (int i = 0; i < out.rows(); i++) {
            double[] p = Doubles.softmax(Doubles.row(logits, i));
            double[] mean = new double[out.cols()];
            for (int v = 0; v < p.length; v++) {
                double[] row = Doubles.row(table, v);
                for (int c = 0; c < mean.length; c++) {
                    mean[c] += scale * p[v] * row[c];
                }
            }
            store(out, i, 0, mean);
        }
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight w, @Nullable Tensor bias) {
        requireOpen();
        double[][] rows = Doubles.rows(x);
        for (int n = 0; n < w.rows(); n++) {
            double[] channel = Doubles.channel(w, n);
            double offset = bias == null ? 0 : bias.get(0, n);
            for (int i = 0; i < rows.length; i++) {
                out.set(i, n, (float) (Doubles.dot(rows[i], channel) * Doubles.scale(w, n) + offset));
            }
        }
    }

    @Override
    public void rmsNorm(Tensor out, Tensor x, Tensor weight, float eps) {
        requireOpen();
        double[] factors = Doubles.row(weight, 0);
        int width = factors.length;
        for (int i = 0; i < x.rows(); i++) {
            double[] row = Doubles.row(x, i);
            for (int run = 0; run < row.length; run += width) {
                double squares = 0;
                for (int c = 0; c < width; c++) {
                    squares += row[run + c] * row[run + c];
                }
                double rms = Math.sqrt(squares / width + eps);
                for (int c = 0; c < width; c++) {
                    row[run + c] = row[run + c] / rms * factors[c];
                }
            }
            store(out, i, 0, row);
        }
    }

    @Override
    public void rope(Tensor x, int headDim, Tensor angles) {
        requireOpen();
        int half = angles.cols() / 2;
        for (int i = 0; i < x.rows(); i++) {
            double[] row = Doubles.row(x, i);
            for (int head = 0; head < row.length; head += headDim) {
                for (int c = 0; c < half; c++) {
                    double cos = angles.get(i, c);
                    double sin = angles.get(i, half + c);
                    double a = row[head + c];
                    double b = row[head + c + half];
                    row[head + c] = a * cos - b * sin;
                    row[head + c + half] = b * cos + a * sin;
                }
            }
            store(x, i, 0, row);
        }
    }

    @Override
    public void attention(
            Tensor out, Tensor q, int headDim, List<KeyValues> tables, List<KeyGroup> groups, float scale) {
        requireOpen();
        for (KeyGroup group : groups) {
            KeyValues table = tables.get(group.sequence());
            double[][] keys = visible(table.keys(), group);
            double[][] values = visible(table.values(), group);
            int queriesPerKey = q.cols() / table.keys().cols();
            for (int i = group.firstRow(); i < group.firstRow() + group.rowCount(); i++) {
                double[] row = Doubles.row(q, i);
                for (int head = 0; head < q.cols() / headDim; head++) {
                    int shared = head / queriesPerKey * headDim;
                    store(out, i, head * headDim, attend(row, head * headDim, keys, values, shared, headDim, scale));
                }
            }
        }
    }

    @Override
    public void route(
            Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec, Indices blocks) {
        requireOpen();
        double[] offsets = bias == null ? new double[logits.cols()] : Doubles.row(bias, 0);
        int[] starts = IntStream.range(0, spec.capacity() > 0 ? blocks.length() : logits.rows())
                .map(spec.capacity() > 0 ? blocks::get : i -> i)
                .toArray();
        for (int b = 0; b < starts.length; b++) {
            int end = b + 1 < starts.length ? starts[b + 1] : logits.rows();
            ReferenceRouter.Choice[] choices =
                    ReferenceRouter.choose(Doubles.rows(logits.rows(starts[b], end)), offsets, spec);
            for (int i = starts[b]; i < end; i++) {
                for (int j = 0; j < spec.topK(); j++) {
                    ids.set(i, j, choices[i - starts[b]].ids()[j]);
                    gates.set(i, j, (float) choices[i - starts[b]].gates()[j]);
                }
            }
        }
    }

    @Override
    public void experts(Tensor out, Tensor x, Tensor ids, Tensor gates, ExpertWeights weights) {
        requireOpen();
        for (int i = 0; i < x.rows(); i++) {
            double[] row = Doubles.row(x, i);
            double[] sum = new double[weights.hidden()];
            for (int j = 0; j < ids.cols(); j++) {
                int expert = (int) ids.get(i, j);
                double[] gate = product(row, weights.gate().get(expert));
                double[] inner = product(row, weights.up().get(expert));
                for (int m = 0; m < inner.length; m++) {
                    inner[m] *= Doubles.silu(gate[m]);
                }
                double[] contribution = product(inner, weights.down().get(expert));
                for (int h = 0; h < sum.length; h++) {
                    sum[h] += gates.get(i, j) * contribution[h];
                }
            }
            store(out, i, 0, sum);
        }
    }

    @Override
    public void swiglu(Tensor out, Tensor gate, Tensor up) {
        requireOpen();
        for (int i = 0; i < out.rows(); i++) {
            for (int c = 0; c < out.cols(); c++) {
                out.set(i, c, (float) (Doubles.silu(gate.get(i, c)) * up.get(i, c)));
            }
        }
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        requireOpen();
        for (int i = 0; i < out.rows(); i++) {
            for (int c = 0; c < out.cols(); c++) {
                out.set(i, c, (float) ((double) a.get(i, c) + b.get(i, c)));
            }
        }
    }

    @Override
    public void guide(Tensor out, Tensor conditional, Tensor unconditional, float scale) {
        requireOpen();
        float factor = scale + 1;
        for (int i = 0; i < out.rows(); i++) {
            for (int c = 0; c < out.cols(); c++) {
                float difference = conditional.get(i, c) - unconditional.get(i, c);
                float step = factor * difference;
                out.set(i, c, unconditional.get(i, c) + step);
            }
        }
    }

    @Override
    public void gatherRows(Tensor out, Tensor src, Indices rows) {
        requireOpen();
        for (int i = 0; i < out.rows(); i++) {
            store(out, i, 0, Doubles.row(src, rows.get(i)));
        }
    }

    @Override
    public void scatterRows(Tensor out, Tensor src, Indices rows) {
        requireOpen();
        for (int i = 0; i < src.rows(); i++) {
            store(out, rows.get(i), 0, Doubles.row(src, i));
        }
    }

    @Override
    public void propose(Proposals out, Tensor logits, ProposalSpec spec, long[] keys) {
        requireOpen();
        for (int i = 0; i < logits.rows(); i++) {
            long key = spec.draw() == Draw.SAMPLE ? keys[i] : 0;
            ReferenceProposal proposal = ReferenceProposal.of(Doubles.row(logits, i), spec, key, out.tokens[i]);
            out.tokens[i] = proposal.token();
            out.probability[i] = (float) proposal.probability();
            out.margin[i] = (float) proposal.margin();
            out.negativeEntropy[i] = (float) proposal.negativeEntropy();
        }
    }

    void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the reference backend has been closed");
        }
    }

    /// The softmax-weighted mean of the values for one head of one query.
    private static double[] attend(
            double[] q, int column, double[][] keys, double[][] values, int shared, int headDim, float scale) {
        double[] scores = new double[keys.length];
        for (int s = 0; s < scores.length; s++) {
            for (int c = 0; c < headDim; c++) {
                scores[s] += q[column + c] * keys[s][shared + c];
            }
            scores[s] *= scale;
        }
        double[] p = Doubles.softmax(scores);
        double[] mean = new double[headDim];
        for (int s = 0; s < p.length; s++) {
            for (int c = 0; c < headDim; c++) {
                mean[c] += p[s] * values[s][shared + c];
            }
        }
        return mean;
    }

    /// The table rows that the rows of a group see.
    private static double[][] visible(Tensor table, KeyGroup group) {
        double[][] rows = new double[group.keyCount()][];
        int next = 0;
        for (int i = 0; i < group.ranges().length; i += 2) {
            for (int slot = group.ranges()[i]; slot < group.ranges()[i + 1]; slot++) {
                rows[next++] = Doubles.row(table, slot);
            }
        }
        return rows;
    }

    private static double[] product(double[] row, Weight w) {
        double[] result = new double[w.rows()];
        for (int n = 0; n < result.length; n++) {
            result[n] = Doubles.dot(row, Doubles.channel(w, n)) * Doubles.scale(w, n);
        }
        return result;
    }

    private static void store(Tensor out, int row, int column, double[] values) {
        for (int c = 0; c < values.length; c++) {
            out.set(row, column + c, (float) values[c]);
        }
    }
}
