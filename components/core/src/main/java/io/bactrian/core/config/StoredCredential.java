package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A credential as a source holds it: named, and closed until somebody needs its values. */
public final class StoredCredential {

    /** Gives the values of a stored credential. */
    @FunctionalInterface
    public interface Opener {
        /** The values, decrypted. */
        Credentials open() throws CredentialUnreadableException;
    }

    /** The values that a rotation replaced, which stay valid for a while: the provider may not know the new ones yet. */
    public static final class Previous {

        private final Instant until;
        private final Opener opener;

        /**
         * @param until when they stop being valid
         * @param opener gives them
         */
        public Previous(Instant until, Opener opener) {
            this.until = until;
            this.opener = opener;
        }

        /** When they stop being valid. */
        public Instant until() {
            return until;
        }

        /** Whether they may still be used. */
        public boolean validAt(Instant now) {
            return now.isBefore(until);
        }

        /** The values. */
        public Credentials open() throws CredentialUnreadableException {
            return opener.open();
        }

        @Override
        public String toString() {
            return "Previous[until " + until + "]";
        }
    }

    private final CredentialId id;
    private final CredentialName name;
    private final long version;
    private final Opener opener;
    private final @Nullable Previous previous;
    private final CredentialVisibility visibility;

    /**
     * A credential without previous values.
     *
     * @param id its id, which routes and logs may show
     * @param name the name that the tenant gave it
     * @param version counts its changes, from 1
     * @param opener gives its values
     */
    public StoredCredential(CredentialId id, CredentialName name, long version, Opener opener) {
        this(id, name, version, opener, null);
    }

    /**
     * A credential for all of the tenant.
     *
     * @param id its id, which routes and logs may show
     * @param name the name that the tenant gave it
     * @param version counts its changes, from 1
     * @param opener gives its values
     * @param previous the values it had before it was rotated; null for none
     */
    public StoredCredential(
            CredentialId id, CredentialName name, long version, Opener opener, @Nullable Previous previous) {
        this(id, name, version, opener, previous, CredentialVisibility.ALL);
    }

    private StoredCredential(
            CredentialId id,
            CredentialName name,
            long version,
            Opener opener,
            @Nullable Previous previous,
            CredentialVisibility visibility) {
        this.id = id;
        this.name = name;
        this.version = version;
        this.opener = opener;
        this.previous = previous;
        this.visibility = visibility;
    }

    /** The same, for others. */
    public StoredCredential withVisibility(CredentialVisibility other) {
        return new StoredCredential(id, name, version, opener, previous, other);
    }

    /** Whose calls may use it, and know that it is there. */
    public CredentialVisibility visibility() {
        return visibility;
    }

    /** Its id. */
    public CredentialId id() {
        return id;
    }

    /** The name that the tenant gave it. */
    public CredentialName name() {
        return name;
    }

    /** Counts its changes, from 1. */
    public long version() {
        return version;
    }

    /** Its values. Only credential resolution and the update of a credential open one. */
    public Credentials open() throws CredentialUnreadableException {
        return opener.open();
    }

    /**
     * The values it had before it was rotated, of version {@link #version} less one; empty if there are none. They may be
     * used until they expire, which whoever uses them checks.
     */
    public Optional<Previous> previous() {
        return Optional.ofNullable(previous);
    }

    /** What opens it, apart from the values before them. */
    Opener opener() {
        return opener;
    }

    @Override
    public String toString() {
        return "StoredCredential[" + id + ", " + name + ", version " + version + "]";
    }
}
