// Takes this page's parts as they are, until the build puts them all in here.

import "./main.js";
