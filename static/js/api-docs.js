// Draws the description of the API with the Swagger files that the server ships.
"use strict";

const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  url: place.dataset.openapiUrl,
  domNode: place,
  deepLinking: true,
  validatorUrl: null, // no other host is asked
  defaultModelsExpandDepth: 0,
});
