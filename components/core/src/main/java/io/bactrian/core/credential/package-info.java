/** Secrets, sets of named credential values, and the forms that describe and check them. */
@NullMarked
package io.bactrian.core.credential;

import org.jspecify.annotations.NullMarked;
