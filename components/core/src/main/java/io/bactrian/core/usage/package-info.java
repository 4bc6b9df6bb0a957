/** What calls used: one record for every call, on its way from the call to wherever it is kept. */
@NullMarked
package io.bactrian.core.usage;

import org.jspecify.annotations.NullMarked;
