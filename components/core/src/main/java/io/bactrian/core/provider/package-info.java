/** Declarations: what a provider offers, which credentials it asks for, which models it has and under which rules. */
@NullMarked
package io.bactrian.core.provider;

import org.jspecify.annotations.NullMarked;
