#!/usr/bin/env node
// The bin that npm links into node_modules/.bin. It must start on any Node >= 20, so it only hands over.
import "../../../scripts/seaworthy.mjs";
