/** The provider {@code data}: CSV, JSON and YAML. */
@NullMarked
package io.bactrian.tool.builtin.data;

import org.jspecify.annotations.NullMarked;
