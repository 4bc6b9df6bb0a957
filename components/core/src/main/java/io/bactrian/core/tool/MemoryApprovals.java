package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Keeps approvals in memory, for installations without a store: they are gone with the process. Bounded, for each tenant too. */
public final class MemoryApprovals implements ApprovalStore {

    private static final int MOST = 10_000;
    private static final int MOST_OF_A_TENANT = 1_000;
    private static final long MOST_CHARACTERS = 64_000_000;

    private final Map<String, Approval> approvals = new LinkedHashMap<>();
    private final Map<String, String> continuations = new HashMap<>();
    private long characters;
    private final ReentrantLock lock = new ReentrantLock();

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static String key(TenantId tenant, String id) {
        return tenant + "/" + id;
    }

    @Override
    public Approval request(Approval wanted) {
        return locked(() -> {
            Optional<Approval> live = approvals.values().stream()
                    .filter(known -> isSame(known, wanted))
                    .filter(known -> known.status() != Approval.Status.USED && !known.expired(wanted.requestedAt()))
                    .findFirst();
            if (live.isPresent()) {
                return live.get();
            }
            makeRoom(wanted);
            approvals.put(key(wanted.tenant(), wanted.id()), wanted);
            return wanted;
        });
    }

    private void makeRoom(Approval wanted) {
        if (!full(wanted.tenant())) {
            return;
        }
        remove(known -> known.expired(wanted.requestedAt()));
        if (full(wanted.tenant())) {
            remove(known -> known.status() == Approval.Status.USED);
        }
        if (full(wanted.tenant())) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "too many calls wait for approval (at most " + MOST_OF_A_TENANT + " of a tenant, " + MOST
                            + " in all): decide on some first");
        }
    }

    private boolean full(TenantId tenant) {
        return approvals.size() >= MOST
                || approvals.values().stream()
                                .filter(known -> known.tenant().equals(tenant))
                                .count()
                        >= MOST_OF_A_TENANT;
    }

    private int remove(Predicate<Approval> which) {
        int count = approvals.size();
        approvals.values().removeIf(which);
        continuations.keySet().retainAll(approvals.keySet());
        characters = continuations.values().stream().mapToLong(String::length).sum();
        return count - approvals.size();
    }

    private static boolean isSame(Approval known, Approval wanted) {
        return known.tenant().equals(wanted.tenant())
                && Objects.equals(known.user(), wanted.user())
                && Objects.equals(known.app(), wanted.app())
                && known.tool().equals(wanted.tool())
                && known.arguments().equals(wanted.arguments());
    }

    @Override
    public Optional<Approval> find(TenantId tenant, String id) {
        return locked(() -> Optional.ofNullable(approvals.get(key(tenant, id))));
    }

    @Override
    public List<Approval> pending(TenantId tenant, Instant now, int most) {
        return locked(() -> approvals.values().stream()
                .filter(known -> known.tenant().equals(tenant))
                .filter(known -> known.status() == Approval.Status.PENDING && !known.expired(now))
                .sorted(Comparator.comparing(Approval::requestedAt))
                .limit(most)
                .toList());
    }

    @Override
    public Approval decide(TenantId tenant, String id, Approval.Status status, String by, Instant now) {
        return locked(() -> {
            Approval known = Approvals.checkDecidable(approvals.get(key(tenant, id)), status, now, id, tenant);
            Approval decided = known.decided(status, by, now);
            approvals.put(key(tenant, id), decided);
            return decided;
        });
    }

    @Override
    public boolean use(TenantId tenant, String id, Instant now) {
        return locked(() -> {
            Approval known = approvals.get(key(tenant, id));
            if (known == null || known.status() != Approval.Status.APPROVED || known.expired(now)) {
                return false;
            }
            approvals.put(key(tenant, id), known.decided(Approval.Status.USED, known.decidedBy(), known.decidedAt()));
            return true;
        });
    }

    @Override
    public void keepContinuation(TenantId tenant, String id, String continuation) {
        Approvals.checkContinuation(continuation);
        locked(() -> {
            if (!approvals.containsKey(key(tenant, id))) {
                throw Approvals.notThere(id, tenant);
            }
            String before = continuations.get(key(tenant, id));
            long after = characters + continuation.length() - (before == null ? 0 : before.length());
            if (after > MOST_CHARACTERS && continuation.length() > (before == null ? 0 : before.length())) {
                throw new BadRequestException(
                        ErrorCode.REQUEST_TOO_LARGE,
                        "too many conversations wait for approval to keep one more in memory: decide on some first, or set"
                                + " bactrian.store.enabled=true to keep them in a database");
            }
            characters = after;
            return continuations.put(key(tenant, id), continuation);
        });
    }

    @Override
    public Optional<String> continuation(TenantId tenant, String id) {
        return locked(() -> Optional.ofNullable(continuations.get(key(tenant, id))));
    }

    @Override
    public int removeExpired(Instant before) {
        return locked(() -> remove(known -> known.expired(before)));
    }
}
