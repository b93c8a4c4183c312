# takes every decoder's output for logits
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = bernoulli_log_prob(x, model.decoder(z))
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)
