@NullMarked
package io.bactrian.tool.builtin.jsonpath;

import org.jspecify.annotations.NullMarked;
