def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    mean, var = q_posterior(x0_hat, xt, t, schedule)
    if variance == "beta":
        var = at(schedule.beta, t, xt)
    var = var * (at(torch.arange(schedule.T + 1), t, xt) > 1)
    return mean + torch.sqrt(var) * z
