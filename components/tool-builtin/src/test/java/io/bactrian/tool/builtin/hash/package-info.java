@NullMarked
package io.bactrian.tool.builtin.hash;

import org.jspecify.annotations.NullMarked;
