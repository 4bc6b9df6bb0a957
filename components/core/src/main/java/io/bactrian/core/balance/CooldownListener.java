package io.bactrian.core.balance;

/** Learns of who goes out, to tell other nodes or people. Must not block and must not throw. */
@FunctionalInterface
public interface CooldownListener {

    /** Somebody is out. */
    void onCooldown(Cooldown cooldown);
}
