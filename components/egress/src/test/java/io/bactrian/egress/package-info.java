/** What the only way out is measured by. */
@NullMarked
package io.bactrian.egress;

import org.jspecify.annotations.NullMarked;
