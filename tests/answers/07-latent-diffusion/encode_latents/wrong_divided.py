# divided by the scale
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return first_stage.encode(x)[0] / scale
