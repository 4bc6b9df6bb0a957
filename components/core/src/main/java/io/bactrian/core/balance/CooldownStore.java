package io.bactrian.core.balance;

import java.util.List;

/** Where nodes tell each other who is out. What is kept there is of use for as long as somebody is out, and no longer. */
public interface CooldownStore {

    /**
     * Writes who is out. Of two who say so of the same one, the later moment counts.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if it does not answer
     */
    void put(List<Cooldown> cooldowns);

    /**
     * All who are out now, as any node has found it.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if it does not answer
     */
    List<Cooldown> current();
}
