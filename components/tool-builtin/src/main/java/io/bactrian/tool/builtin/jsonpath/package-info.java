/** JSONPath (RFC 9535) over the values of core. */
@NullMarked
package io.bactrian.tool.builtin.jsonpath;

import org.jspecify.annotations.NullMarked;
