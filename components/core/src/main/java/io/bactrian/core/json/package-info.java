/** JSON as values: arguments, schemas and results, without any parser. */
@NullMarked
package io.bactrian.core.json;

import org.jspecify.annotations.NullMarked;
