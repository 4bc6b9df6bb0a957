/**
 * OAuth 2 for providers of tools: authorization code with PKCE (RFC 6749, RFC 7636, RFC 9207), and tokens that are renewed in time,
 * once, however many calls and nodes ask for it.
 */
@NullMarked
package io.bactrian.tool.oauth;

import org.jspecify.annotations.NullMarked;
