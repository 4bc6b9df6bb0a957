package io.bactrian.tool.builtin.hash;

import io.bactrian.tool.builtin.support.Choices;

/** The digests. */
enum DigestAlgorithm implements Choices.Word {
    SHA_256("sha-256", "SHA-256", true),
    SHA_512("sha-512", "SHA-512", true),
    SHA3_256("sha3-256", "SHA3-256", true),
    /** Collisions are made on purpose since 2017. */
    SHA_1("sha-1", "SHA-1", false),
    /** Collisions are made on purpose since 2004. */
    MD5("md5", "MD5", false);

    private final String text;
    private final String jcaName;
    private final boolean secure;

    DigestAlgorithm(String text, String jcaName, boolean secure) {
        this.text = text;
        this.jcaName = jcaName;
        this.secure = secure;
    }

    @Override
    public String text() {
        return text;
    }

    String jcaName() {
        return jcaName;
    }

    /** Whether nobody can make two texts with the same digest. */
    boolean secure() {
        return secure;
    }
}
