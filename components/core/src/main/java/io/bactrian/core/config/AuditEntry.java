package io.bactrian.core.config;

/**
 * An event as the audit log has it.
 *
 * @param id its number: later ones have higher ones
 * @param event what happened
 */
public record AuditEntry(long id, AuditEvent event) {}
