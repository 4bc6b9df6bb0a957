/** What people do to the configuration: credentials and API keys are added, changed, chosen and withdrawn here. */
@NullMarked
package io.bactrian.core.manage;

import org.jspecify.annotations.NullMarked;
