package io.bactrian.core.balance;

/**
 * A credential that calls may be made with.
 *
 * @param key which one
 * @param name its name, for people
 * @param version counts its changes
 * @param weight its share
 * @param candidate its place among the candidates of the resolution
 */
public record BalancedCredential(CooldownKey key, String name, long version, int weight, int candidate) {}
