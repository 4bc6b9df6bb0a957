@NullMarked
package io.bactrian.tool.builtin.text;

import org.jspecify.annotations.NullMarked;
