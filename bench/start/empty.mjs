// Does nothing: what any process of this runtime costs.
import { told } from './told.mjs';

told();
