def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    mean = posterior_mean_from_eps(xt, t, eps_hat, schedule)
    table = {"beta": schedule.beta, "beta_tilde": schedule.beta_tilde}[variance]
    sigma = at(table, t, xt).sqrt()
    last = (t == 1).view(-1, *[1] * (xt.dim() - 1))
    return torch.where(last, mean, mean + sigma * z)
