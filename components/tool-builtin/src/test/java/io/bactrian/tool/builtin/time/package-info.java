@NullMarked
package io.bactrian.tool.builtin.time;

import org.jspecify.annotations.NullMarked;
