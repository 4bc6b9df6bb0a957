@NullMarked
package io.bactrian.tool.builtin.data;

import org.jspecify.annotations.NullMarked;
