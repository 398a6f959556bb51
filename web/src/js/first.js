// All the script that is asked for beside the style sheets, so that hardly a byte stands between a phone and its first look. A
// module runs once the sheets are there; what it brings in comes after them.
import("./frame.js");
if (document.querySelector(".charts")) import("./history.js");
