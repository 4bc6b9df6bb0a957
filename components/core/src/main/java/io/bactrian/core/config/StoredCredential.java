package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;

/** A credential as a source holds it: named, and closed until somebody needs its values. */
public final class StoredCredential {

    /** Gives the values of a stored credential. */
    @FunctionalInterface
    public interface Opener {
        /** The values, decrypted. */
        Credentials open() throws CredentialUnreadableException;
    }

    private final CredentialId id;
    private final CredentialName name;
    private final long version;
    private final Opener opener;

    /**
     * @param id its id, which routes and logs may show
     * @param name the name that the tenant gave it
     * @param version counts its changes, from 1
     * @param opener gives its values
     */
    public StoredCredential(CredentialId id, CredentialName name, long version, Opener opener) {
        this.id = id;
        this.name = name;
        this.version = version;
        this.opener = opener;
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

    @Override
    public String toString() {
        return "StoredCredential[" + id + ", " + name + ", version " + version + "]";
    }
}
