// What the camera wrote goes along when a photo is made smaller. Run by `node --test`, see test_javascript.py.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, prepared } from "../../../server/field/static/camera.js";
import { exifOf, readable, withExif } from "../../../server/field/static/exif.js";
