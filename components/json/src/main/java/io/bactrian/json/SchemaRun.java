package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.annotation.Annotation;
import com.networknt.schema.annotation.Annotations;
import com.networknt.schema.path.NodePath;
import java.util.AbstractMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One check of a value, within a budget: a schema of a dozen lines can ask for more steps than there are atoms, or for a check
 * that never ends. Used once.
 */
final class SchemaRun extends ExecutionContext {

    private static final int DEEPEST = 1_000;

    // comparing two paths of usual depth is a quarter of a step, and takes longer the deeper they are
    private static final int PATHS_A_STEP = 32;
    private static final int USUAL_DEPTH = 8;

    // what keywords noted for those that ask what was evaluated; looked through again and again, so it is paid for
    private final Annotations notes = new PaidAnnotations();

    private long left;
    private int depth;

    private SchemaRun(boolean formats, long steps) {
        super(ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(formats)
                .build());
        this.left = steps;
    }

    /** The budget is used up. */
    static final class TooMuch extends SchemaException {

        private static final long serialVersionUID = 1;

        TooMuch() {
            super("takes too many steps");
        }
    }

    /**
     * Checks a value.
     *
     * @param formats whether {@code format} is checked too
     * @throws TooMuch if it takes more steps, or goes deeper than {@link #DEEPEST} levels
     * @throws SchemaException if the schema cannot be followed
     */
    static List<Error> errors(Schema schema, JsonNode value, boolean formats, long steps) {
        SchemaRun run = new SchemaRun(formats, steps);
        schema.validate(run, value);
        return run.getErrors();
    }

    /** Takes steps from the budget of the check that a context is. */
    static void spend(ExecutionContext context, long steps) {
        if (context instanceof SchemaRun run) {
            run.spend(steps);
        }
    }

    private void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new TooMuch();
        }
    }

    private void enter() {
        // then the validator looks up through all levels for who wants to know
        boolean asked = isUnevaluatedPropertiesPresent() || isUnevaluatedItemsPresent();
        spend(asked ? 1 + depth / USUAL_DEPTH : 1);
        if (++depth > DEEPEST) {
            throw new TooMuch();
        }
    }

    @Override
    public void evaluationPathAddLast(String token) {
        enter();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathAddLast(int token) {
        enter();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathRemoveLast() {
        depth--;
        super.evaluationPathRemoveLast();
    }

    @Override
    public void addError(Error error) {
        spend(1);
        super.addError(error);
    }

    @Override
    public Annotations getAnnotations() {
        return notes;
    }

    private final class PaidAnnotations extends Annotations {

        private final Map<NodePath, List<Annotation>> paid = new PaidMap(super.asMap());

        @Override
        public Map<NodePath, List<Annotation>> asMap() {
            return paid;
        }
    }

    /** The notes by the part of the value that they are about; whoever gets a list goes through it. */
    private final class PaidMap extends AbstractMap<NodePath, List<Annotation>> {

        private final Map<NodePath, List<Annotation>> lists;

        PaidMap(Map<NodePath, List<Annotation>> lists) {
            this.lists = lists;
        }

        @Override
        public @Nullable List<Annotation> get(@Nullable Object path) {
            List<Annotation> list = lists.get(path);
            if (list != null) {
                spend((long) list.size() * (depth + USUAL_DEPTH) / PATHS_A_STEP);
            }
            return list;
        }

        @Override
        public List<Annotation> getOrDefault(@Nullable Object path, List<Annotation> otherwise) {
            List<Annotation> list = get(path);
            return list == null ? otherwise : list;
        }

        @Override
        public Set<Entry<NodePath, List<Annotation>>> entrySet() {
            return lists.entrySet();
        }
    }
}
