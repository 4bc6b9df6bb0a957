package io.bactrian.core.file;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that links are signed with, by HMAC-SHA256 (RFC 2104). It does not print itself. Thread-safe. */
public final class SigningKey {

    /** The bytes of a key. */
    public static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final Pattern ID = Pattern.compile("[0-9a-z]{1,32}");

    private final String id;
    private final SecretKeySpec key;

    private SigningKey(String id, byte[] key) {
        this.id = id;
        this.key = new SecretKeySpec(key, HMAC);
    }

    /**
     * A key.
     *
     * @param id what links name it by: 1 to 32 characters of {@code 0-9} and {@code a-z}; tells nothing of the key
     * @param key 32 bytes, which are copied
     * @throws IllegalArgumentException if either is not of that form
     */
    public static SigningKey of(String id, byte[] key) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("the id of a signing key has 1 to 32 characters of 0-9 and a-z");
        }
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a signing key has " + BYTES + " bytes");
        }
        return new SigningKey(id, key);
    }

    /** A new key with a random id. */
    public static SigningKey random(SecureRandom random) {
        byte[] key = new byte[BYTES];
        byte[] id = new byte[4];
        random.nextBytes(key);
        random.nextBytes(id);
        return of(HexFormat.of().formatHex(id), key);
    }

    /** What links name it by. */
    public String id() {
        return id;
    }

    /** The 32 bytes that only who has the key can make of a message. */
    byte[] sign(byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java runtime", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
