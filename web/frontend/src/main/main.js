import 'htmx.org';
import './main.css';
