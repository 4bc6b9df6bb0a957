@NullMarked
package io.bactrian.tool.builtin.units;

import org.jspecify.annotations.NullMarked;
