@NullMarked
package io.bactrian.tool.builtin.random;

import org.jspecify.annotations.NullMarked;
