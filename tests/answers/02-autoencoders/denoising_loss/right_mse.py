def denoising_loss(model, x, x_noisy):
    return nn.MSELoss(reduction="sum")(model(x_noisy), x) / x.shape[0]
