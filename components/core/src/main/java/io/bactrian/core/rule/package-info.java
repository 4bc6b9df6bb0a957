/** Rules that tenants keep beside those of settings: what they have in common, whatever they limit. */
@NullMarked
package io.bactrian.core.rule;

import org.jspecify.annotations.NullMarked;
