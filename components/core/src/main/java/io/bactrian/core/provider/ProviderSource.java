package io.bactrian.core.provider;

import java.util.List;

/** A place where provider declarations come from: a folder of the catalogue, or a component that brings its own. */
public interface ProviderSource {

    /** The declarations, read once. */
    List<ProviderEntity> providers();
}
