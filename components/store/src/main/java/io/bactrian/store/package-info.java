/**
 * The only SQL: what tenants configure, in H2, encrypted. {@link io.bactrian.store.BactrianStore#open} is the way in.
 *
 * <p>Encryption has two layers. A key-encryption key, kept outside the database, wraps one data key per tenant
 * ({@code data_keys}); the data key encrypts the values of each credential, all of them together, with AES-256-GCM. What
 * is encrypted is bound to its place: format, purpose, tenant, provider, scope, record and version are authenticated with
 * it, so a value that was moved, copied or put back does not open.
 */
@NullMarked
package io.bactrian.store;

import org.jspecify.annotations.NullMarked;
