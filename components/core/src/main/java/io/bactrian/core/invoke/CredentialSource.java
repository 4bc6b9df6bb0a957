package io.bactrian.core.invoke;

/** The steps of the priority chain, in order. */
public enum CredentialSource {
    CUSTOM_MODEL("custom model credentials"),
    CUSTOM_PROVIDER("custom provider credentials"),
    SYSTEM("system credentials"),
    HOSTED("hosted quota"),
    /** The provider asks for no credential. */
    NONE_NEEDED("no credential needed");

    private final String text;

    CredentialSource(String text) {
        this.text = text;
    }

    /** What it is called in explanations. */
    public String text() {
        return text;
    }
}
