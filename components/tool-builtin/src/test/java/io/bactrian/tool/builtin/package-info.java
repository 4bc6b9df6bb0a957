@NullMarked
package io.bactrian.tool.builtin;

import org.jspecify.annotations.NullMarked;
