/** The provider {@code time}: clocks, calendars and time zones. */
@NullMarked
package io.bactrian.tool.builtin.time;

import org.jspecify.annotations.NullMarked;
